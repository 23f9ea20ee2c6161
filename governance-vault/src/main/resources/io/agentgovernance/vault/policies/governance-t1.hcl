# Trust tier T1, plan and propose: reads what is meant for planning.
# KV version 2: values are read under data/, names are listed under metadata/.
path "secret/data/agents/t1/*" {
  capabilities = ["read"]
}

path "secret/metadata/agents/t1/*" {
  capabilities = ["list"]
}
