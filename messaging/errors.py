"""What can go wrong between us and a provider, in the four ways that call for different acts."""


class PermanentRefusal(Exception):
    """This message will never be taken (the address does not exist): do not try again."""


class TransientRefusal(Exception):
    """This message was not taken this time: try again later."""


class ChannelDown(Exception):
    """The provider takes nothing at all: every message waits, none is to blame."""


class HandOverUnclear(Exception):
    """The provider may or may not have taken it: ask before sending again."""
