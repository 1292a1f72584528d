-- table:   register_rows                 grain: one row per row of a release that says which schools exist
-- reads:   stg_ofsted_rows, stg_ofsted_report_cards_rows, stg_gias_rows, lookups
-- rule:    a school of an LA that was abolished by the as-at date belongs to the LA that took it over: the only one,
--          the one of its district, or the one under which another release has it; where nobody says, the old one
-- missing: a fact that the release does not have is NULL
with published as (
    select urn, laestab, name, ofsted_phase, type, open_date, admissions, sixth_form_provision,
           religious_character, null as diocese, region, la_name, left(laestab, 3) as la_code, postcode,
           trust_uid, trust_name, pupils, null::double as capacity, low_age, high_age,
           null::double as easting, null::double as northing, null as district, 'Open' as status,
           null::date as close_date, release_id, release_as_at, published_on, row_number
    from stg_ofsted_rows
    -- a list of inspections that names neither number nor type is no register
    where scope = 'school' and coalesce(laestab, type) is not null
    union all by name
    select urn, laestab, name, ofsted_phase, type, open_date, admissions, sixth_form_provision,
           religious_character, null as diocese, region, la_name, left(laestab, 3) as la_code, postcode,
           trust_uid, trust_name, pupils, null::double as capacity, low_age, high_age,
           null::double as easting, null::double as northing, null as district, 'Open' as status,
           null::date as close_date, release_id, release_as_at, published_on, row_number
    from stg_ofsted_report_cards_rows
    where scope = 'school' and coalesce(laestab, type) is not null
    union all by name
    select urn, la_code || lpad(estab, 4, '0') as laestab, name, phase as ofsted_phase, type, open_date,
           admissions, sixth_form_provision, religious_character, diocese, region, la_name, la_code, postcode,
           nullif(trust_uid, '0') as trust_uid, trust_name, pupils, capacity, low_age, high_age,
           easting, northing, district, status, close_date,
           release_id, release_as_at, published_on, row_number
    from stg_gias_rows
    where scope = 'school'
),
taken_over as (
    select old_code, new_code, string_split(districts, '; ') as districts,
           count(*) over (partition by old_code) = 1 as is_only
    from la_changes
    where old_code <> new_code and changed_on::date <= $as_at
),
of_old_las as (
    select p.release_id, p.row_number, t.new_code,
           case when t.is_only then 1 when list_contains(t.districts, p.district) then 2
                when exists (from published as o where o.urn = p.urn and o.la_code = t.new_code) then 3 end as place
    from published as p
    inner join taken_over as t on t.old_code = p.la_code
),
moved as (
    select release_id, row_number, new_code
    from of_old_las
    where place is not null
    qualify row_number() over (partition by release_id, row_number order by place, new_code) = 1
),
final as (
    select p.* replace (coalesce(m.new_code, p.la_code) as la_code), p.la_code as published_la_code,
           a.la_code is not null as is_la_known,
           t.type is not null as is_type_known, t.label as type_label, t.control,
           t.mainstream = 'yes' as is_mainstream, coalesce(t.state_funded = 'yes', false) as is_state_funded,
           p.status in ('Open', 'Open, but proposed to close') as is_open,
           -- identity may be newer than the as-at date, where nothing older is loaded; evidence never is
           p.published_on > $as_at as is_later
    from published as p
    left join moved as m using (release_id, row_number)
    left join local_authorities as a on a.la_code = coalesce(m.new_code, p.la_code)
    left join school_types as t on lower(t.type) = lower(p.type)
)
select * from final
