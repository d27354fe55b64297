using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>Steps between formats that no build has yet: each leaves a file in the folder.</summary>
public class FolderFormatTests
{
    [Fact]
    public void Every_missing_step_is_run_in_order_and_the_format_is_written_last()
    {
        var folder = FolderOfKafka();
        var run = new List<string>();

        folder.Take(Asking(folder, Steps(run)));

        Assert.Equal(["0 at none", "1 at 1", "2 at 2"], run);
        Assert.Equal(3, MetaProperties.Read(folder.Files, folder.InFolder(MetaProperties.FileName))!.Format);
        folder.Kill();
        folder.Take(folder.Options with { Format = Steps(run) });
        Assert.Equal(3, run.Count);
    }

    [Theory]
    [InlineData(true, "could still open it")]
    [InlineData(false, "could not open it any more")]
    public void A_refusal_says_what_would_be_done_and_whether_the_way_back_is_open(bool leavesWayBack, string said)
    {
        var folder = FolderOfKafka();

        var refused = Assert.Throws<FolderRefusedException>(() => folder.Take(folder.Options with { Format = Steps([], leavesWayBack) }));

        Assert.Contains("would step 0, step 1, step 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_upgrade_goes_on_where_the_power_went()
    {
        var begun = new HashSet<int>();
        for (var operation = 1; ; operation++)
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var folder = FolderOfKafka();
                folder.Memory.StopsAfter = folder.Memory.Operations + operation;
                try
                {
                    folder.Take(Asking(folder, Steps([])));
                    Assert.Equal([1, 2, 3], begun.Order());
                    return;
                }
                catch (DiskException)
                {
                    var after = new TestFolder(folder.Memory.AfterCrash(new Random(seed)));
                    var run = new List<string>();
                    after.Take(Asking(after, Steps(run)));
                    if (run.Count > 0) begun.Add(run.Count);
                    for (var step = 0; step < 3; step++) Assert.Equal($"{step}", after.Text($"step-{step}"));
                    Assert.Equal(3, MetaProperties.Read(after.Files, after.InFolder(MetaProperties.FileName))!.Format);
                }
            }
        }
    }

    [Fact]
    public void A_folder_of_Kafka_is_taken_over_with_all_it_holds()
    {
        var folder = new TestFolder();
        folder.Open(folder.Logs(2));
        folder.Append(1, "a");
        folder.Stop();
        // As Kafka leaves it: no format, no note of lengths, no id of the directory where it is old.
        folder.Overwrite(MetaProperties.FileName, "#\n#Sat Nov 21 12:00:00 UTC 2026\ncluster.id=cluster-one\nversion=1\nnode.id=1\n");
        folder.Files.DeleteFile(folder.InFolder(FolderCheckpoints.ClosedLengths));

        folder.Take(folder.Options with { Upgrades = true });
        var opened = folder.Folder.OpenLogs(folder.Logs(2));

        Assert.Empty(opened.Notes);
        Assert.Equal(["a"], folder.Values(1));
        var meta = MetaProperties.Read(folder.Files, folder.InFolder(MetaProperties.FileName))!;
        Assert.Equal((1, folder.Folder.DirectoryId), (meta.Format, meta.DirectoryId));
    }

    private static TestFolder FolderOfKafka()
    {
        var folder = new TestFolder();
        DurableFolder.Ensure(folder.Files, TestFolder.Path);
        new MetaProperties(TestFolder.Cluster, TestFolder.Node, null, null).Write(folder.Files, folder.InFolder(MetaProperties.FileName));
        return folder;
    }

    private static DataFolderOptions Asking(TestFolder folder, FolderFormat format) => folder.Options with { Upgrades = true, Format = format };

    private static FolderFormat Steps(List<string> run, bool leavesWayBack = true) =>
        new(3, [.. Enumerable.Range(0, 3).Select(from => new FormatStep(from, leavesWayBack || from != 1, $"step {from}", (disk, folder) =>
        {
            run.Add($"{from} at {MetaProperties.Read(disk, folder + "/" + MetaProperties.FileName)!.Format?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
            new AtomicFile(disk, $"{folder}/step-{from}").Replace([(byte)('0' + from)]);
        }))]);
}
