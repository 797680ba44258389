"""PAGE -> ARTICLE. Cheap visible text of every page (`screen`), and the full ladder for candidates (`article`); no I/O."""
