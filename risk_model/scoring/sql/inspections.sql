-- table:   inspections                   grain: one row per school of today and inspection, every era
-- reads:   stg_ofsted*_rows, stg_gias_links_rows, schools, inspection_mapping
-- rule:    the mapping of grades is a versioned lookup; an inspection counts from its own publication on
-- missing: good_or_better is NULL where nothing was judged, 'not_comparable' for a report card without a category
with graded as (
    select urn as current_urn, coalesce(urn_at_time, urn) as urn_at_time,
           relates is not null as is_stated, coalesce(relates = 'No', false) as inherited,
           start_date, publication_date, inspection_number, inspection_type, event_type, 'graded' as kind,
           overall, quality_of_education, behaviour, personal_development, leadership, early_years, sixth_form,
           category, safeguarding, release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_rows where scope = 'school'
    union all by name
    select urn as current_urn, coalesce(previous_urn_at_time, urn) as urn_at_time,
           previous_relates is not null as is_stated, coalesce(previous_relates = 'No', false) as inherited,
           previous_start_date as start_date, previous_publication_date as publication_date,
           previous_inspection_number as inspection_number, 'graded' as kind,
           previous_overall as overall, previous_quality_of_education as quality_of_education,
           previous_behaviour as behaviour, previous_personal_development as personal_development,
           previous_leadership as leadership, previous_early_years as early_years,
           previous_sixth_form as sixth_form, previous_category as category,
           previous_safeguarding as safeguarding, release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_rows where scope = 'school'
    union all by name
    select urn as current_urn, coalesce(oeif_urn_at_time, urn) as urn_at_time,
           oeif_relates is not null as is_stated, coalesce(oeif_relates = 'No', false) as inherited,
           oeif_start_date as start_date, oeif_publication_date as publication_date,
           oeif_inspection_number as inspection_number, oeif_inspection_type as inspection_type,
           oeif_event_type as event_type, 'graded' as kind,
           oeif_overall as overall, oeif_quality_of_education as quality_of_education, oeif_behaviour as behaviour,
           oeif_personal_development as personal_development, oeif_leadership as leadership,
           oeif_early_years as early_years, oeif_sixth_form as sixth_form, oeif_category as category,
           oeif_safeguarding as safeguarding, release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_report_cards_rows where scope = 'school'
    union all by name
    select current_urn, urn as urn_at_time, current_urn is not null as is_stated,
           coalesce(current_urn <> urn, false) as inherited, start_date, publication_date, inspection_number,
           inspection_type, event_type, 'graded' as kind, overall, quality_of_education, behaviour,
           personal_development, leadership, early_years, sixth_form, category, safeguarding,
           release_id, published_on as release_published_on, row_number, 2 as origin
    from stg_ofsted_events_rows where scope = 'school' and event_kind = 'graded'
    union all by name
    select null as current_urn, urn as urn_at_time, false as is_stated, false as inherited, start_date,
           null::date as publication_date, 'graded' as kind, overall,
           release_id, published_on as release_published_on, row_number, 3 as origin
    from stg_ofsted_history_rows where scope = 'school'
),
ungraded as (
    select urn as current_urn, coalesce(ungraded_urn, urn) as urn_at_time, ungraded_relates is not null as is_stated,
           coalesce(ungraded_relates = 'No', false) as inherited, ungraded_start_date as start_date,
           ungraded_publication_date as publication_date, ungraded_number as inspection_number,
           'ungraded' as kind, ungraded_outcome, release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_rows
    where scope = 'school' and coalesce(ungraded_converted, 'No') = 'No'
    union all by name
    select urn as current_urn, coalesce(ungraded_urn, urn) as urn_at_time, ungraded_relates is not null as is_stated,
           coalesce(ungraded_relates = 'No', false) as inherited, ungraded_start_date as start_date,
           ungraded_publication_date as publication_date, ungraded_number as inspection_number,
           'ungraded' as kind, ungraded_outcome, release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_report_cards_rows
    where scope = 'school' and coalesce(ungraded_converted, 'No') = 'No'
    union all by name
    select current_urn, urn as urn_at_time, current_urn is not null as is_stated,
           coalesce(current_urn <> urn, false) as inherited, start_date, publication_date, inspection_number,
           'ungraded' as kind, ungraded_outcome, release_id, published_on as release_published_on, row_number, 2 as origin
    from stg_ofsted_events_rows where scope = 'school' and event_kind = 'ungraded'
),
report_cards as (
    select urn as current_urn, coalesce(urn_at_time, urn) as urn_at_time, relates is not null as is_stated,
           coalesce(relates = 'No', false) as inherited, start_date, publication_date, inspection_number,
           inspection_type, event_type, 'report card' as kind, category, safeguarding,
           inclusion, curriculum_and_teaching, achievement, attendance_and_behaviour,
           personal_development_and_wellbeing, early_years_area, post_16, leadership_and_governance,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_report_cards_rows where scope = 'school'
),
every_one as (
    from graded where start_date is not null and (overall is not null or leadership is not null)
    union all by name
    from ungraded where start_date is not null and ungraded_outcome is not null
    union all by name
    from report_cards where start_date is not null
),
-- a school of today by the URN inspected: itself, as the files say, or by the register's links
successors as (
    select distinct linked_urn as urn_at_time, urn as current_urn
    from stg_gias_links_rows
    where link_type ilike 'Predecessor%' and urn in (select urn from schools)
),
placed as (
    select e.* exclude (current_urn, inherited),
           coalesce(own.urn, stated.urn, linked.current_urn) as urn,
           -- a school that stands under its own number inherits only what a file says it does
           case when own.urn is not null then false
                when stated.urn is not null then e.inherited or e.urn_at_time <> stated.urn
                else true end as inherited
    from every_one as e
    left join schools as own on own.urn = e.urn_at_time and not (e.is_stated and e.inherited)
    left join schools as stated on stated.urn = e.current_urn
    left join successors as linked on own.urn is null and stated.urn is null and linked.urn_at_time = e.urn_at_time
),
-- the same inspection stands in several releases: Ofsted's own row is kept, and of those the one that says most
one_each as (
    select *,
           first_value(publication_date ignore nulls) over same as known_publication_date,
           row_number() over (
               partition by urn, kind, start_date
               order by is_stated desc, origin,
                        (overall is not null)::int + (leadership is not null)::int + (quality_of_education is not null)::int
                        + (inspection_number is not null)::int + (publication_date is not null)::int desc,
                        release_published_on desc, release_id, row_number
           ) as place
    from placed
    where urn is not null
    window same as (
        partition by urn, kind, start_date order by publication_date nulls last
        rows between unbounded preceding and unbounded following
    )
),
published as (
    select * exclude (publication_date, known_publication_date, place),
           -- where no publication date is known: seven weeks after the visit, which is usual
           coalesce(known_publication_date, start_date + 49) as published_on,
           known_publication_date is null as is_published_on_estimated
    from one_each
    where place = 1 and coalesce(known_publication_date, start_date + 49) <= $as_at
),
mapped as (
    select *,
           case
               when kind = 'ungraded' then
                   case
                       when ungraded_outcome like '%(Concerns)%' then 'M7'
                       when ungraded_outcome like 'School remains%' then 'M6'
                       when ungraded_outcome = 'Standards maintained' then 'M8'
                       when ungraded_outcome = 'Improved significantly' then 'M9'
                       when ungraded_outcome = 'Some aspects not as strong' then 'M10'
                   end
               when kind = 'report card' then
                   case
                       when category is not null or safeguarding = 'Not met'
                            or 'Urgent improvement' in (inclusion, curriculum_and_teaching, achievement,
                                attendance_and_behaviour, personal_development_and_wellbeing, early_years_area,
                                post_16, leadership_and_governance) then 'M19'
                       when leadership_and_governance = 'Needs attention' then 'M18'
                       when 'Needs attention' in (inclusion, curriculum_and_teaching, achievement,
                                attendance_and_behaviour, personal_development_and_wellbeing, early_years_area,
                                post_16) then 'M17'
                       -- an area or a standard that is not known is not one that is met
                       when leadership_and_governance is null or safeguarding is distinct from 'Met' then 'M23'
                       else 'M16'
                   end
               when overall = '4' then 'M3'
               when overall = '3' then if(start_date < date '2012-09-01', 'M2', 'M5')
               when overall in ('1', '2') then if(start_date < date '2012-09-01', 'M1', 'M4')
               when overall = 'Not judged' then
                   case
                       when category is not null or safeguarding = 'No'
                            or '4' in (quality_of_education, behaviour, personal_development, leadership,
                                       early_years, sixth_form) then 'M15'
                       when '3' in (quality_of_education, leadership) then 'M13'
                       when '3' in (behaviour, personal_development, early_years, sixth_form) then 'M14'
                       when quality_of_education in ('1', '2') and behaviour in ('1', '2')
                            and personal_development in ('1', '2') and leadership in ('1', '2')
                            and safeguarding = 'Yes' then 'M12'
                       else 'M23'
                   end
               else 'M23'
           end as mapping
    from published
),
judged as (
    select m.*, l.rc_outcome, nullif(l.dfe_equivalent, 'inherit') as dfe_equivalent, l.warning = 'yes' as is_warning, l.gate = 'yes' as is_gate, l.confidence,
           l.good_or_better as own_answer,
           -- an ungraded inspection that names no grade leaves the last graded one standing
           last_value(if(m.kind = 'graded', l.good_or_better, null) ignore nulls) over (
               partition by m.urn order by m.start_date, m.kind
               rows between unbounded preceding and 1 preceding
           ) as last_graded_answer
    from mapped as m
    inner join inspection_mapping as l using (mapping)
),
final as (
    select urn || ':' || kind || ':' || start_date as inspection_id, urn, urn_at_time, start_date, published_on,
           is_published_on_estimated,
           case
               when start_date < date '2012-09-01' then 'to August 2012'
               when start_date < date '2015-09-01' then '2012 to 2015'
               when start_date < date '2019-09-01' then '2015 to 2019'
               when kind = 'report card' then 'report cards'
               when start_date < date '2024-09-01' then '2019 to 2024'
               else 'no overall grade'
           end as era,
           kind, mapping,
           case own_answer when 'inherit' then coalesce(last_graded_answer, 'not_comparable') else own_answer end
               as good_or_better,
           dfe_equivalent, rc_outcome, inherited, is_warning, is_gate, confidence,
           category as category_of_concern,
           case when safeguarding in ('Yes', 'Met') then true when safeguarding in ('No', 'Not met') then false end
               as safeguarding,
           overall, quality_of_education, behaviour, personal_development, leadership, early_years, sixth_form,
           inclusion, curriculum_and_teaching, achievement, attendance_and_behaviour,
           personal_development_and_wellbeing, early_years_area, post_16, leadership_and_governance,
           ungraded_outcome, inspection_number, inspection_type, event_type, release_id, row_number
    from judged
)
select * from final
order by urn, start_date, kind
