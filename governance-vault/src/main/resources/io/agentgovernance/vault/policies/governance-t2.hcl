# Trust tier T2, execute in a sandbox: what T1 may, and the credentials of sandboxes.
path "secret/data/agents/t1/*" {
  capabilities = ["read"]
}

path "secret/data/agents/t2/*" {
  capabilities = ["read"]
}

path "secret/metadata/agents/t2/*" {
  capabilities = ["list"]
}
