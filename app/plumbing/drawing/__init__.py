"""How paper is drawn: designs and fonts, typesetting, the renderer and the process it works in.

The rest of the house knows only `app.plumbing.pdf`, which never imports WeasyPrint itself.
"""
