-- measure: parents_recommend_pct        unit: percent (of the parents who answered), polarity: low is concern
-- grain:   one row per school            reads: stg_parent_view_rows, schools
-- source:  parent_view (q14: would recommend the school), the newest file published by the day of the build
-- missing: not_in_release; too_few_responses below twenty; the school's own reason
with published as (
    select urn, recommend_pct, recommend_pct_missing, responses, responses_missing, release_as_at, published_on,
           release_id, row_number as source_row,
           row_number() over (partition by urn order by release_as_at desc, published_on desc, release_id desc,
                                                        row_number) as place
    from stg_parent_view_rows
    where scope = 'school' and published_on <= cast($as_at as date) and release_as_at <= cast($as_at as date)
),
final as (
    select p.urn, cast(p.release_as_at as varchar) as period, p.release_as_at as measured_on, p.published_on,
           p.recommend_pct as value, p.responses as denominator,
           case when p.responses is null then p.responses_missing
                when p.responses < 20 then 'too_few_responses'
                else p.recommend_pct_missing end as missing_reason,
           p.release_id, p.source_row
    from published as p
    inner join schools as s on s.urn = p.urn
    where p.place = 1
)
select * from final
