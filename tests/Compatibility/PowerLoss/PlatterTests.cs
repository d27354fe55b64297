using Xunit;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>What is compared after a kill: all but what the kill came into the middle of.</summary>
public sealed class PlatterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-platter-").FullName;
    private readonly Platter _platter = new();

    public PlatterTests() => Directory.CreateDirectory(Path.Combine(_folder, "a"));

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_folder_of_which_nobody_knows_whether_it_was_renamed_may_have_either_name_with_all_that_is_in_it(string name)
    {
        _platter.Replay([.. Made("a/f"), Begun(JournalKind.Rename, 9, "a", "b")]);
        if (name == "b") Directory.Move(Path.Combine(_folder, "a"), Path.Combine(_folder, "b"));
        File.WriteAllBytes(Path.Combine(_folder, name, "f"), []);
        Assert.Null(_platter.Difference(_folder));
    }

    [Fact]
    public void A_file_that_is_gone_past_the_library_is_told()
    {
        _platter.Replay([.. Made("a/f"), Begun(JournalKind.FlushFolder, 9, "a")]);
        Assert.Equal("a/f was written down, and is not there", _platter.Difference(_folder));
    }

    [Fact]
    public void A_file_that_was_made_past_the_library_is_told()
    {
        _platter.Replay(Made("a/f"));
        File.WriteAllBytes(Path.Combine(_folder, "a", "f"), []);
        File.WriteAllBytes(Path.Combine(_folder, "a", "g"), []);
        Assert.Equal("a/g is there, and was not written down", _platter.Difference(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JournalRecord[] Made(string file) =>
    [
        Begun(JournalKind.MakeFolder, 1, Path.GetDirectoryName(file)!), Ended(1),
        Begun(JournalKind.Open, 2, file) with { IsFirstFlag = true, File = 2 }, Ended(2),
    ];

    private static JournalRecord Begun(JournalKind kind, ulong serial, string path, string other = "") => new(kind, false, false, serial, 0, 0, path, other, default);

    private static JournalRecord Ended(ulong serial) => new(JournalKind.End, false, false, serial, 0, 0, "", "", default);
}
