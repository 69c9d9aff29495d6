// Command etcd is upstream's server: its own command cannot be installed by version, its package can be imported.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
