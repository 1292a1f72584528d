-- table:   la_history                    grain: one row per change of an LA's three-digit code or E-code
-- reads:   la_changes, local_authorities
-- rule:    a change counts from its own day on; where the code stays, the LA does
-- missing: every column is filled
select c.old_code, o.la_name as old_name, c.new_code, n.la_name as new_name, c.old_gss_code, c.new_gss_code,
       c.changed_on::date as changed_on
from la_changes as c
inner join local_authorities as o on o.la_code = c.old_code
inner join local_authorities as n on n.la_code = c.new_code
where c.changed_on::date <= $as_at
order by changed_on, old_code, new_code
