-- SPDX-License-Identifier: Apache-2.0
-- Removes a run that is not there or has ended, unless it was noted again meanwhile.
-- KEYS: registry. ARGV: run, its place.
local place = redis.call('ZSCORE', KEYS[1], ARGV[1])
if place and tonumber(place) == tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return {'OK'}
end
return {'GONE'}
