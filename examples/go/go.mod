module server

go 1.24

require tccallback v0.0.0

replace tccallback => ../../bindings/go
