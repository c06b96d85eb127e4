"""Where pictures are made of files that strangers sent: in a process of its own for each file.

The rest of the house knows only `app.plumbing.pictures`, which reads no such file itself.
"""
