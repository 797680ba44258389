"""Commands of the `scrapy` program in a workspace (COMMANDS_MODULE), beside Scrapy's own.

    cd WORKSPACE
    export SCRAPY_SETTINGS_MODULE=tracker.crawl.settings
    scrapy list
    scrapy crawl feeds -a outlet=ID -o out.jsonl
    scrapy shell https://outlet.example/article

In a checkout scrapy.cfg names the settings: there `-s TRACKER_WORKSPACE=FOLDER` names the workspace.
"""
