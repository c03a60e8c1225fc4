module server

go 1.24.0

require tccallback v0.0.0

replace tccallback => ../../bindings/go
