-- Every filter that can leave few rows begins with them.
CREATE INDEX record_links_role ON record_links (relation, role, record_id);
CREATE INDEX office_index_valid_from ON office_index (valid_from_first, id);
CREATE INDEX office_index_valid_to ON office_index (valid_to_last, id);
CREATE INDEX mou_index_confirmation ON mou_index (confirmation, title_key, id);
-- A day is compared with the first or the last day that a date can mean, depending on the bound and on how certain the
-- match must be.
CREATE INDEX mou_index_signed_first ON mou_index (signed_first, id);
CREATE INDEX mou_index_signed_last ON mou_index (signed_last, id);
CREATE INDEX mou_index_effective_from_first ON mou_index (effective_from_first, id);
CREATE INDEX mou_index_effective_from_last ON mou_index (effective_from_last, id);
CREATE INDEX mou_index_effective_to_first ON mou_index (effective_to_first, id);
CREATE INDEX mou_index_effective_to_last ON mou_index (effective_to_last, id);
CREATE INDEX policy_index_period_to ON policy_index (period_to_last, id);
CREATE INDEX program_index_period_to ON program_index (period_to_last, id);
