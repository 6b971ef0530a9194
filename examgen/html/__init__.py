"""The exam on screen: pages of HTML that say what the paper says.

A page is one file: no script, nothing from a network, formulas as MathML, figures as SVG. All pages
of both programs are made from the pieces and the style sheet in `templates/`. Nothing is imported
here, for jinja2 is to be loaded only where a page is made.
"""
