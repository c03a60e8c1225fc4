module tccallback

go 1.24
