-- table:   schools_at_risk               grain: one row per school
-- reads:   schools, statement_levels, rule_outcomes, latest_inspections, inspection_mapping
-- rule:    any "unlikely" or two "uncertain": priority; one "uncertain": watch; the first or second statement
--          without enough evidence: find out; else universal
-- missing: a school without reasons has an empty text
with levels as (
    select urn,
           count(*) filter (level = 'unlikely') as unlikely,
           count(*) filter (level = 'uncertain') as uncertain,
           bool_or(level = 'not enough evidence' and statement in ('outcomes', 'leadership')) as has_grey
    from statement_levels
    group by urn
),
reasons as (
    select urn,
           string_agg(sentence, ' ' order by place) filter (place <= 3) as reasons,
           first(sentence order by place) as main_reason
    from (
        -- whose it was stands first: a list has no room for the end of a sentence
        select urn, if(sentence like '% Note: inherited from the predecessor school%', 'Predecessor school: ', '')
                    || replace(sentence, ' Note: inherited from the predecessor school.', '') as sentence,
               row_number() over (partition by urn order by is_gate desc, points desc, rule_id) as place
        from rule_outcomes
        -- the third statement carries the first two forward: their own rules say more
        where status = 'raised' and points > 0 and rule_id not in ('N6', 'N7')
    )
    group by urn
),
final as (
    select s.urn,
           case when l.unlikely > 0 or l.uncertain >= 2 then 'priority'
                when l.uncertain = 1 then 'watch'
                when l.has_grey then 'find out'
                else 'universal' end as priority,
           s.route,
           coalesce(r.reasons, '') as reasons, coalesce(r.main_reason, '') as main_reason,
           i.last_date as last_inspection_date,
           case when i.ungraded_date is not null then i.ungraded_outcome
                when i.full_kind = 'report card' then
                    case i.rc_outcome when 'meets' then 'Report card: met every expected standard'
                         when 'mixed' then 'Report card: an area needs attention'
                         when 'below' then 'Report card: leadership and governance needs attention'
                         else 'Report card: ' || coalesce(case i.category_of_concern
                             when 'SM' then 'special measures'
                             when 'RSI' then 'requires significant improvement'
                             when 'SWK' then 'serious weaknesses' end, 'urgent improvement or safeguarding not met') end
                when i.overall = '1' then 'Outstanding'
                when i.overall = '2' then 'Good'
                when i.overall = '3' then if(i.full_date < date '2012-09-01', 'Satisfactory', 'Requires improvement')
                when i.overall = '4' then 'Inadequate'
                when i.full_mapping = 'M12' then 'No overall grade: every judgement good or better'
                when i.full_mapping in ('M13', 'M14') then 'No overall grade: a judgement requires improvement'
                when i.full_mapping = 'M15' then 'No overall grade: a judgement inadequate, or safeguarding not effective'
                else 'Not yet inspected' end as last_inspection_outcome,
           coalesce(i.inherited, false) as last_inspection_inherited
    from schools as s
    inner join levels as l using (urn)
    left join reasons as r using (urn)
    left join latest_inspections as i using (urn)
)
select * from final
order by urn
