-- measure: complaints_upheld_count      unit: complaints, polarity: high is concern
-- grain:   one row per school            reads: stg_complaints, schools
-- source:  complaints of twelve months: upheld in full or part, or open and qualifying or passed on by Ofsted
-- missing: no_register where the LA has not brought one
with lines as (
    select s.la_code, c.urn, c.seen_on, c.passed_on_by, c.qualifies, c.finding, c.release_id, c.row_number as source_row,
           case when c.release_as_at < cast($as_at as date) then c.release_as_at else cast($as_at as date) end
               as release_day
    from stg_complaints as c
    inner join schools as s on s.urn = c.urn
),
-- no complaint is an answer only of an LA that keeps a register, and only until the day on which it was brought
registers as (
    select la_code, max(case when release_day > seen_on then release_day else seen_on end) as kept_until
    from lines
    group by la_code
),
-- one that was not upheld or was withdrawn counts for nothing
counting as (
    select urn, release_id, source_row,
           row_number() over (partition by urn order by seen_on desc, release_id, source_row) as place,
           count(*) over (partition by urn) as complaints
    from lines
    where date_diff('day', seen_on, cast($as_at as date)) <= 365
        and (finding in ('upheld', 'partly upheld')
             or finding = 'open' and (qualifies = 'yes' or passed_on_by = 'Ofsted'))
),
final as (
    select s.urn, coalesce(cast(r.kept_until as varchar), 'none') as period, r.kept_until as measured_on,
           r.kept_until as published_on,
           case when r.la_code is null then null when c.urn is null then 0 else c.complaints end as value,
           case when r.la_code is null then 'no_register' end as missing_reason,
           c.release_id, c.source_row
    from schools as s
    left join registers as r on r.la_code = s.la_code
    left join counting as c on c.urn = s.urn and c.place = 1
)
select * from final
