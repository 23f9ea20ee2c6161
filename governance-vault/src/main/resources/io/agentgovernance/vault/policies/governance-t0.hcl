# Trust tier T0, observe: no secrets.
# Vault denies what no policy allows; the rule below also wins over whatever else a token carries.
path "secret/data/*" {
  capabilities = ["deny"]
}

path "secret/metadata/*" {
  capabilities = ["deny"]
}
