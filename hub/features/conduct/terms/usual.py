"""The terms that hold where an organisation has not published its own. They are shown, and nobody is asked for them."""

from typing import Final

USUAL: Final = """\
This hub is for work that councils and their partners do together. These few rules keep it useful and safe.

## What it is for

Use it for your work. What you write here is a record of your organisation: somebody may ask to see it under the \
Freedom of Information Act.

## How we treat one another

- Be polite, also where you disagree. Argue about the matter, not about the person.
- Do not harass, threaten or mock anybody, and do not discriminate against them.
- Write under your own name, and let nobody else use your sign-in.

## What does not belong here

- Facts about residents, patients, pupils or colleagues by which one could tell who they are, unless the space is \
meant for that and everybody in it may know.
- Passwords, and anything that is marked higher than the space that you put it in.
- What others wrote or drew, if you may not pass it on.
- Adverts.

## If something is wrong

Under each post there is “Report”. Those who look after the place will see your report; whoever wrote the post is not \
told that it was you. Managers may withdraw a post that breaks these rules, and say why. Whoever breaks them again and \
again may lose their access; that is for their own organisation to decide.
"""
