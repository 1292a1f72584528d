-- table:   next_inspections              grain: one row per school
-- reads:   schools, inspection_due_dates, latest_inspections, inspections, stg_ofsted_rows, stg_ofsted_report_cards_rows
-- rule:    by when the next inspection is due by the version of the published rules that is in force; never a prediction;
--          and how a report card stands against both versions of the operational target
-- missing: due_by is NULL with the reason: monitored, exempt, paused, not_known, or no_rule before September 2015
-- the newest list of Ofsted's that has the school: what came after it is not known here
with lists as (
    select urn, release_as_at from stg_ofsted_rows where scope = 'school' and published_on <= cast($as_at as date)
    union all
    select urn, release_as_at from stg_ofsted_report_cards_rows
    where scope = 'school' and published_on <= cast($as_at as date)
),
known as (
    select urn, max(release_as_at) as known_until from lists where urn is not null group by urn
),
report_cards as (
    select i.urn, i.rc_outcome = 'meets' as meets_strict,
           coalesce(i.rc_outcome <> 'category' and i.safeguarding
               and i.leadership_and_governance in ('Expected standard', 'Strong standard', 'Exceptional')
               and i.curriculum_and_teaching in ('Expected standard', 'Strong standard', 'Exceptional')
               and i.achievement in ('Expected standard', 'Strong standard', 'Exceptional'), false) as meets_soft
    from (
        select i.*, row_number() over (partition by i.urn order by i.inherited, i.inspection_id) as place
        from inspections as i
        inner join latest_inspections as l on l.urn = i.urn and l.full_date = i.start_date and l.full_kind = i.kind
        where i.kind = 'report card' and not i.is_one_of_several
    ) as i
    where i.place = 1
),
final as (
    select s.urn, d.due_from, d.due_by, d.rule_version, d.state, d.last_date, d.counted_from, d.counted_on,
           coalesce(d.why, 'No published rule is held for that time.') as why, coalesce(d.source, '') as source,
           coalesce(d.due_by < cast($as_at as date), false) as is_overdue,
           coalesce(d.due_by between cast($as_at as date) and cast($as_at as date) + interval 12 month, false)
               as within_12_months,
           case when d.urn is null then 'no_rule' else d.missing_reason end as missing_reason,
           k.known_until,
           case when d.due_by < cast($as_at as date) and d.due_by <= k.known_until then 'overdue'
                when d.due_by < cast($as_at as date) then 'overdue as far as known'
                when d.due_by <= cast($as_at as date) + interval 12 month then 'within 12 months'
                when d.due_by is not null then 'later'
                when d.missing_reason = 'monitored' then 'monitored'
                else 'no date' end as standing,
           r.meets_strict, r.meets_soft
    from schools as s
    left join inspection_due_dates as d on d.urn = s.urn and d.is_current
    left join known as k on k.urn = s.urn
    left join report_cards as r on r.urn = s.urn
)
select * from final
order by urn
