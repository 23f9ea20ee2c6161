-- SPDX-License-Identifier: Apache-2.0
-- Notes a run that is about to be started; its place follows from the server's time.
-- KEYS: registry. ARGV: run.
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2])), ARGV[1])
return {'OK'}
