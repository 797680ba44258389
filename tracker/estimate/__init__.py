"""How many articles there were, told from which nets caught which of them. Pure: counts in, numbers or a reason out.

`classical`: two nets, and Chao's lower bound; `loglinear`: nets that depend on each other; `total`: what is believed of these, by
strata; `carrying`: from all articles to the few of a campaign.
"""
