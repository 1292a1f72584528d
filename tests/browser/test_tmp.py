import pytest,sys
def test_x(server, visitor_with):
    v=visitor_with()
    p=v.open(server+'/schools_at_risk?priority=priority')
    print(p.url)
    print(p.content()[:3000])
    p.screenshot(path='/tmp/pt_list.png')
    print(p.get_by_role('link').all_inner_texts())
    print(p.locator('[data-test-script-state]').count())
    v=visitor_with(color_scheme='dark')
    p=v.open(server+'/school?urn=900006'); p.screenshot(path='/tmp/pt_school.png')
    p=v.open(server+'/'); p.screenshot(path='/tmp/pt_ov.png')
