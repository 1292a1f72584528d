-- table:   backtest_schools              grain: one row per school of the day, or inspected in the batch
-- reads:   day_schools (the build's schools), successions, stg_ofsted*_rows
-- rule:    a school that was inspected and is not on the register of the day has its inspection nevertheless
-- missing: open_date and stands_in_urn are NULL for a school that is not on it
with inspected as (
    select urn, start_date from stg_ofsted_inspections_rows where scope = 'school'
    union all
    select urn, start_date from stg_ofsted_events_rows where scope = 'school'
    union all
    select urn, start_date from stg_ofsted_history_rows where scope = 'school'
    union all
    select coalesce(urn_at_time, urn), start_date from stg_ofsted_rows where scope = 'school'
    union all
    select coalesce(previous_urn_at_time, urn), previous_start_date from stg_ofsted_rows where scope = 'school'
    union all
    select coalesce(ungraded_urn, urn), ungraded_start_date from stg_ofsted_rows where scope = 'school'
    union all
    select coalesce(urn_at_time, urn), start_date from stg_ofsted_report_cards_rows where scope = 'school'
    union all
    select coalesce(oeif_urn_at_time, urn), oeif_start_date from stg_ofsted_report_cards_rows where scope = 'school'
    union all
    select coalesce(ungraded_urn, urn), ungraded_start_date from stg_ofsted_report_cards_rows where scope = 'school'
),
known as (
    select urn from day_schools
    union
    select stands_in_urn from day_schools where stands_in_urn is not null
    union
    select predecessor_urn from successions where how in ('replaced', 'merger', 'split')
)
select urn, open_date, stands_in_urn from day_schools
union all
select distinct i.urn, cast(null as date), cast(null as varchar)
from inspected as i
anti join known as k on k.urn = i.urn
where i.start_date between cast($first_day as date) and cast($last_day as date)
    and regexp_full_match(i.urn, '[0-9]{6}')
