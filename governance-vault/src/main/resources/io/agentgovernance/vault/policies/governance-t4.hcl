# Trust tier T4, govern: reads and lists what agents of all tiers may read, and changes none of it.
# With Vault Enterprise put a control group on these paths, so that a second person agrees.
path "secret/data/agents/*" {
  capabilities = ["read"]
}

path "secret/metadata/agents/*" {
  capabilities = ["list", "read"]
}
