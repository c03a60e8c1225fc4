module tccallback-bench/tencent

go 1.26.0

require (
	github.com/tencentyun/tls-sig-api-v2-golang v1.4.0
	tccallback-bench v0.0.0
)

replace (
	tccallback => ../../../bindings/go
	tccallback-bench => ../
)
