UPDATE idempotency SET operation = 'actOnOffice' || substr(operation, 20) WHERE operation LIKE 'performOfficeAction %';
UPDATE idempotency SET operation = 'actOnPolicy' || substr(operation, 20) WHERE operation LIKE 'performPolicyAction %';
UPDATE idempotency SET operation = 'actOnMou' || substr(operation, 17) WHERE operation LIKE 'performMouAction %';
UPDATE idempotency SET operation = 'actOnProgram' || substr(operation, 21) WHERE operation LIKE 'performProgramAction %';
UPDATE idempotency SET operation = 'revokePastedToken' || substr(operation, 20) WHERE operation LIKE 'revokeTokenBySecret %';
