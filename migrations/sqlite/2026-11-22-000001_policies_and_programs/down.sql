DROP TABLE program_index;
DROP TABLE policy_index;
