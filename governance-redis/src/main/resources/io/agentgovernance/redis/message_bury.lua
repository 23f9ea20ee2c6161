-- SPDX-License-Identifier: Apache-2.0
-- Moves a message that no consumer of a group could handle to the dead letters.
-- KEYS: messages, dead letters. ARGV: group, id in the stream, sequence, deliveries, message, how long
-- to keep the dead letters in ms.
-- Answers OK, or GONE if somebody else has acknowledged or moved it.
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return {'GONE'}
end
redis.call('XADD', KEYS[2], '*', 'group', ARGV[1], 'sequence', ARGV[3], 'deliveries', ARGV[4], 'm', ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return {'OK'}
