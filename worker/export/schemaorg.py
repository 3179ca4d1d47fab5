"""A story as a schema.org NewsArticle."""

from schemas import Entity, Story
from schemas.schemaorg import NewsArticle, Organization, Person, Place, Quotation, Reference
from worker.export import naming


def of_story(story: Story) -> NewsArticle:
    """Return the story as an article."""
    dateline = story.dateline
    return NewsArticle(
        id=naming.story_urn(story.story_id),
        identifier=story.story_id,
        url=story.url,
        main_entity_of_page=_page(story),
        is_part_of=_main_story(story),
        headline=story.headline,
        alternative_headline=story.subhead,
        description=story.summary,
        article_body=story.body or None,
        in_language=naming.language_of(story),
        date_published=story.published_at.value if story.published_at else None,
        date_modified=story.modified_at.value if story.modified_at else None,
        dateline=dateline.raw if dateline else None,
        location_created=[Place(name=place) for place in dateline.places] or None if dateline else None,
        author=[Person(name=author) for author in story.authors] or None,
        source_organization=[Organization(name=agency) for agency in naming.agencies_of(story)] or None,
        publisher=_publisher(story),
        credit_text=story.publisher.credit,
        keywords=[one.text for one in story.keywords] or None,
        mentions=[_mention(one) for one in naming.each_once(story.entities)] or None,
        has_part=[Quotation(text=one.text, credit_text=one.speaker) for one in story.quotes if one.kind == "direct"]
        or None,
    )


def _page(story: Story) -> Reference | None:
    address = story.canonical_url or story.url
    if story.kind != "main" or address is None:
        return None
    links = [one.url for one in story.related if one.url]
    return Reference(type="WebPage", id=address, related_link=links or None)


def _main_story(story: Story) -> Reference | None:
    return Reference(type="NewsArticle", id=naming.story_urn(story.embedded_in)) if story.embedded_in else None


def _publisher(story: Story) -> Organization | None:
    publisher = story.publisher
    name = publisher.name or publisher.domain
    return Organization(name=name, url=publisher.domain and f"https://{publisher.domain}") if name else None


def _mention(entity: Entity) -> Person | Organization | Place:
    if entity.kind == "person":
        return Person(name=entity.name, job_title=entity.role)
    if entity.kind == "organisation":
        return Organization(name=entity.name)
    if entity.code is None:
        return Place(name=entity.name)
    if naming.is_country(entity.code):
        return Place(type="Country", name=entity.name, identifier=entity.code)
    return Place(name=entity.name, same_as=naming.geonames_url(entity.code))
