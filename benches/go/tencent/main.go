// Worker of `make bench` for Tencent's own UserSig library in Go. A module of its own: where that library cannot be had, the other rows
// of Go still run.
package main

import (
	"strconv"

	"github.com/tencentyun/tls-sig-api-v2-golang/tencentyun"

	"tccallback-bench/protocol"
)

const (
	sdkAppID = 1400000000
	key      = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
	expireS  = 86400
)

func main() {
	sign := func(index int) error {
		_, err := tencentyun.GenUserSig(sdkAppID, key, "user_"+strconv.Itoa(index%64), expireS)
		return err
	}
	protocol.Serve([]protocol.Candidate{{Name: "tencent-go", Row: "usersig/fresh", Run: protocol.Repeat(sign)}})
}
