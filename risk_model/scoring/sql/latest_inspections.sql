-- table:   latest_inspections            grain: one row per school, inspected or not
-- reads:   schools, inspections
-- rule:    the latest graded inspection or report card, and the latest ungraded inspection after it
-- missing: full_mapping is NULL for a school that was never inspected
with repeated as (
    select urn, start_date, kind, arg_min(inspection_id, row(inherited, inspection_id)) as kept_id
    from inspections
    where not is_one_of_several
    group by urn, start_date, kind
    having count(*) > 1
),
full_ones as (
    select *,
           case when good_or_better = 'yes' or rc_outcome = 'meets' then 0
                when rc_outcome = 'mixed' then 1
                when is_gate then 3
                when good_or_better = 'no' or rc_outcome = 'below' then 2 end as concern,
           row_number() over (partition by urn order by start_date desc, kind desc) as place
    from inspections
    -- what one of several merged schools was given is its history, and not the latest judgement of them all
    where kind in ('graded', 'report card') and mapping <> 'M23' and not is_one_of_several
        -- two schools that became one may have been inspected on one day: that is no row of two
        and inspection_id not in (
            select i.inspection_id
            from inspections as i
            inner join repeated as r on r.urn = i.urn and r.start_date = i.start_date and r.kind = i.kind
            where i.inspection_id <> r.kept_id
        )
),
latest as (
    select * from full_ones where place = 1
),
-- how many in a row, from the latest back, were below good
runs as (
    select urn, count(*) filter (place < first_good) as below_in_a_row, count(*) as full_inspections
    from (
        select urn, place, coalesce(min(if(concern < 2, place, null)) over (partition by urn), 9999) as first_good
        from full_ones
        where concern is not null
    )
    group by urn
),
ungraded as (
    select i.*
    from inspections as i
    left join latest as l using (urn)
    where i.kind = 'ungraded' and i.mapping not in ('M11', 'M23') and not i.is_one_of_several
        and (l.start_date is null or i.start_date > l.start_date)
    qualify row_number() over (partition by i.urn order by i.start_date desc) = 1
),
areas as (
    select urn,
           (inclusion = 'Needs attention')::int + (curriculum_and_teaching = 'Needs attention')::int
           + (achievement = 'Needs attention')::int + (attendance_and_behaviour = 'Needs attention')::int
           + (personal_development_and_wellbeing = 'Needs attention')::int
           + coalesce((early_years_area = 'Needs attention')::int, 0)
           + coalesce((post_16 = 'Needs attention')::int, 0) as needs_attention
    from latest
    where kind = 'report card'
),
safeguarding as (
    select urn, safeguarding, start_date as safeguarding_on, published_on, inherited, release_id, row_number
    from inspections
    where safeguarding is not null and not is_one_of_several
    qualify row_number() over (partition by urn order by start_date desc, kind desc) = 1
),
-- the newest register release that names the category a school is in today, where it is of the as-at date
categories as (
    select urn, current_category, release_as_at
    from stg_ofsted_report_cards_rows
    where scope = 'school' and published_on <= $as_at
    qualify row_number() over (partition by urn order by release_as_at desc) = 1
),
final as (
    select s.urn, l.kind as full_kind, l.start_date as full_date, l.published_on as full_published_on,
           l.mapping as full_mapping, l.good_or_better, l.rc_outcome, l.concern, l.inherited, l.release_id,
           l.row_number as source_row, l.overall, l.quality_of_education, l.behaviour, l.personal_development,
           l.leadership, l.early_years, l.sixth_form, l.leadership_and_governance, l.category_of_concern,
           r.below_in_a_row, coalesce(r.full_inspections, 0) as full_inspections, a.needs_attention,
           u.start_date as ungraded_date, u.ungraded_outcome, u.mapping as ungraded_mapping,
           u.published_on as ungraded_published_on, u.release_id as ungraded_release_id,
           u.row_number as ungraded_row, u.inherited as ungraded_inherited,
           g.safeguarding, g.safeguarding_on, g.inherited as safeguarding_inherited,
           g.published_on as safeguarding_published_on, g.release_id as safeguarding_release_id,
           g.row_number as safeguarding_row,
           -- a register cannot know of a report that came out after it
           case when c.release_as_at >= l.published_on or l.urn is null then c.current_category
                else l.category_of_concern end as current_category,
           greatest(l.start_date, u.start_date) as last_date
    from schools as s
    left join latest as l using (urn)
    left join runs as r using (urn)
    left join areas as a using (urn)
    left join ungraded as u using (urn)
    left join safeguarding as g using (urn)
    left join categories as c using (urn)
)
select * from final
order by urn
