module tccallback

go 1.24.0
