-- Answers kept for repeated requests are found by operationId, and some of those are renamed: a request that was
-- answered before the upgrade is still answered from here after it.
UPDATE idempotency SET operation = 'performOfficeAction' || substr(operation, 12) WHERE operation LIKE 'actOnOffice %';
UPDATE idempotency SET operation = 'performPolicyAction' || substr(operation, 12) WHERE operation LIKE 'actOnPolicy %';
UPDATE idempotency SET operation = 'performMouAction' || substr(operation, 9) WHERE operation LIKE 'actOnMou %';
UPDATE idempotency SET operation = 'performProgramAction' || substr(operation, 13) WHERE operation LIKE 'actOnProgram %';
UPDATE idempotency SET operation = 'revokeTokenBySecret' || substr(operation, 18) WHERE operation LIKE 'revokePastedToken %';
