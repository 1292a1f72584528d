-- table:   inspection_due_dates          grain: one row per school and version of the published rules
-- reads:   schools, latest_inspections, inspection_intervals
-- rule:    the versions in force since its last inspection, and the one in force today; each says by when the next is
--          due; due_from is a year earlier (our choice: the last year of the interval; Ofsted may come before)
-- missing: due_by is NULL where the version names no date, with the reason
with standing as (
    select s.urn, s.open_date, l.full_date, l.full_kind, l.full_published_on, l.inherited,
           case when l.concern = 0 and l.ungraded_date is not null then l.ungraded_date else l.full_date end as last_date,
           case
               -- by law a new school; one that converted of its own will keeps the pattern of the school that it was
               when l.full_date is null or coalesce(l.inherited, false) and s.type not ilike '%converter%' then 'new school'
               when l.full_kind = 'report card' then
                   case when l.rc_outcome = 'meets' then 'met' else 'monitored' end
               when l.concern = 3 then case when l.category_of_concern in ('SWK', 'RSI', 'NTI') then 'serious weaknesses'
                                            else 'special measures' end
               -- satisfactory was a grade of its own until 2012: the next was due as of a school that is not yet good
               when l.concern = 2 or l.full_mapping = 'M2' then 'requires improvement'
               when l.concern is null then 'not mapped'
               when l.ungraded_mapping in ('M7', 'M9', 'M10') or l.ungraded_outcome like '%S5 Next%' then 'graded next'
               when l.overall = '1' then 'outstanding'
               else 'good' end as state,
           s.is_mainstream
    from schools as s
    left join latest_inspections as l on l.urn = s.urn
),
rules as (
    select version, cast(in_force_from as date) as in_force_from, cast(in_force_to as date) as in_force_to, state,
           cast(last_before as date) as last_before, cast(months as integer) as months,
           cast(school_years as integer) as school_years, cast(fixed_by as date) as fixed_by, counted_from, no_date,
           why, source
    from inspection_intervals
),
counted as (
    select s.urn, r.version, r.in_force_from, r.in_force_to, s.state, r.months, r.school_years, r.fixed_by,
           r.counted_from, r.no_date, r.why, r.source, s.last_date, s.inherited,
           case r.counted_from when 'opening' then s.open_date
                when 'publication' then coalesce(s.full_published_on, s.full_date)
                when 'inspection' then s.last_date end as counted_on,
           r.in_force_to is null or r.in_force_to >= cast($as_at as date) as is_current,
           -- of two rows for a state the one for an inspection so long ago goes first
           row_number() over (partition by s.urn, r.version order by r.last_before nulls last, r.state) as place
    from standing as s
    inner join rules as r
        on (r.state = s.state
            or r.state = 'any'
            or r.state = 'exempt' and s.state = 'outstanding' and s.is_mainstream)
        -- the exemption ended on 13 November 2020
        and not (r.state = 'outstanding' and s.is_mainstream and coalesce(r.in_force_to < date '2020-11-13', false))
        and r.in_force_from <= cast($as_at as date)
        and (r.in_force_to is null or r.in_force_to >= case when s.state = 'new school' then s.open_date else s.last_date end
             or r.in_force_to >= cast($as_at as date))
        and (r.last_before is null
             or r.last_before > case when s.state = 'new school' then s.open_date else s.last_date end)
),
due as (
    select *,
           case when no_date is not null or counted_on is null then null
                when fixed_by is not null then fixed_by
                when months is not null then cast(counted_on + interval (months) month as date)
                -- a school year ends with August
                else make_date(year(counted_on) + case when month(counted_on) >= 9 then 1 else 0 end + school_years, 8, 31)
           end as due_by
    from counted
    where place = 1
),
final as (
    select urn, version as rule_version, in_force_from, in_force_to, is_current, state, last_date, counted_from, counted_on,
           cast(due_by - interval 12 month as date) as due_from, due_by, why, source,
           case when no_date is not null then no_date when counted_on is null then 'not_known' end as missing_reason
    from due
)
select * from final
order by urn, rule_version
