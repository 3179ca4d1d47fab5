"""The worker's credentials in Faust's terms, which hands them on to aiokafka as they are.

In: the settings. Out: what the app's consumer and producers are made with; nothing where brokers are spoken to in the
clear.
"""

from faust.auth import Credentials, OAuthCredentials, SASLCredentials, SSLCredentials

from worker import security
from worker.settings import Settings


def of(settings: Settings) -> Credentials | None:
    """Return the credentials that the settings describe."""
    secured = security.clients(settings)
    context = secured.get("ssl_context")
    if not settings.is_authenticated:
        return SSLCredentials(context) if context else None
    if settings.sasl_mechanism == "OAUTHBEARER":
        return OAuthCredentials(oauth_cb=secured["sasl_oauth_token_provider"], ssl_context=context)
    return SASLCredentials(
        username=secured["sasl_plain_username"],
        password=secured["sasl_plain_password"],
        ssl_context=context,
        mechanism=secured["sasl_mechanism"],
    )
