-- Begins the log of a run, once.
-- KEYS control
-- ARGV nonce, terms, keep in ms
-- answers CREATED, DUP (by the same caller before) or EXISTS
local control = KEYS[1]
local nonce, terms, keep = ARGV[1], ARGV[2], ARGV[3]

local before = redis.call('HGET', control, 'nonce')
if before == nonce then
  return {'DUP', digits(clock())}
end
if redis.call('EXISTS', control) == 1 then
  return {'EXISTS', digits(clock())}
end

redis.call('HSET', control, 'epoch', '0', 'sequence', '0', 'tail', '', 'counter', '0',
  'status', 'ORCHESTRATING', 'nonce', nonce, 'terms', terms)
redis.call('PEXPIRE', control, keep)
return {'CREATED', digits(clock())}
