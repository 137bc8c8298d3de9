import pytest

from records.depot.travelling import files_of_run, find_files


def make(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def names(found):
    return [f"{one.run}/{one.name}" for one in found]


def test_the_summary_goes_last_and_the_manifest_before_it(tmp_path):
    make(tmp_path, "r/summary.json", "r/manifest.json", "r/calls-a-00000.parquet", "r/z.jsonl")
    assert names(find_files(tmp_path)) == [
        "r/calls-a-00000.parquet",
        "r/z.jsonl",
        "r/manifest.json",
        "r/summary.json",
    ]


def test_unfinished_hidden_and_nested_files_stay(tmp_path):
    make(tmp_path, "r/a.parquet.tmp", "r/.hidden", "r/report/index.html", ".x/a", "stray")
    assert find_files(tmp_path) == []


def test_links_are_not_followed(tmp_path):
    make(tmp_path, "r/a.txt")
    (tmp_path / "s").symlink_to(tmp_path / "r")
    (tmp_path / "r" / "b.txt").symlink_to(tmp_path / "r" / "a.txt")
    assert names(find_files(tmp_path)) == ["r/a.txt"]


@pytest.mark.parametrize("root", ["none", "file"])
def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path, root):
    make(tmp_path, "file")
    assert find_files(tmp_path / root) == []


def test_a_manifest_older_than_the_summary_that_was_seen_never_follows_it(tmp_path, monkeypatch):
    # The run ends between the two looks: looking at the summary first, it is not seen at all.
    make(tmp_path, "r/manifest.json")
    looked = []

    def look(run, path):
        looked.append(path.name)

    monkeypatch.setattr("records.depot.travelling._look", look)
    files_of_run(tmp_path, "r")
    assert looked == ["summary.json", "manifest.json"]
