using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Checkpoints;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>The rows W1 to W9 of docs/internals/recovery.md.</summary>
public class WholeFolderRowTests
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void W1_a_folder_in_use_is_refused_naming_it_and_its_holder()
    {
        _folder.Take();

        var refused = Assert.Throws<FolderRefusedException>(() => new TestFolder(_folder.Files).Take());
        Assert.Equal(RecoveryRow.W1, refused.Row);
        Assert.Contains("data folder data is in use by process 4711", refused.Message, StringComparison.Ordinal);

        _folder.Kill();
        Assert.False(_folder.Files.FileExists(_folder.InFolder(".lock.owner")));
        _folder.Take();
    }

    [Fact]
    public void W1_a_holder_that_left_no_name_is_told_as_such()
    {
        _folder.Take().Kill();
        using var taken = _folder.Files.TryLock(_folder.InFolder(".lock"));

        Assert.Contains("a process that has not said who it is", Assert.Throws<FolderRefusedException>(() => _folder.Take()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster-two", 1, "belongs to cluster cluster-one, this process is cluster cluster-two")]
    [InlineData("cluster-one", 2, "belongs to node 1, this process is node 2")]
    public void W2_a_folder_of_another_cluster_or_node_is_refused_naming_both(string cluster, int node, string said)
    {
        _folder.Take().Kill();

        var refused = AssertUntouched(() => _folder.Take(_folder.Options with { ClusterId = cluster, NodeId = node }));
        Assert.Equal(RecoveryRow.W2, refused.Row);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void W2_a_folder_with_something_in_it_and_no_owner_is_refused()
    {
        _folder.Files.CreateFolder(_folder.InFolder("orders-0"));

        Assert.Contains("data holds orders-0 but no meta.properties", AssertUntouched(() => _folder.Take()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void W3_a_newer_format_is_refused_naming_both_and_nothing_is_touched()
    {
        _folder.Take().Kill();
        _folder.Overwrite(MetaProperties.FileName, _folder.Text(MetaProperties.FileName).Replace("moldau.format=1", "moldau.format=2", StringComparison.Ordinal));

        var refused = AssertUntouched(() => _folder.Take(_folder.Options with { Upgrades = true }));
        Assert.Equal(RecoveryRow.W3, refused.Row);
        Assert.Contains("has format 2, this build knows 1 at most", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void W4_an_older_format_is_refused_until_the_upgrade_is_asked_for()
    {
        _folder.Files.CreateFolder(TestFolder.Path);
        _folder.Overwrite(MetaProperties.FileName, "version=1\ncluster.id=cluster-one\nnode.id=1\n");

        var refused = AssertUntouched(() => _folder.Take());
        Assert.Equal(RecoveryRow.W4, refused.Row);
        Assert.Contains("has format 0 (Apache Kafka's), this build writes 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Kafka could still open it", refused.Message, StringComparison.Ordinal);

        _folder.Take(_folder.Options with { Upgrades = true }).Kill();
        Assert.NotEqual(Uuid.Zero, _folder.Take().Folder.DirectoryId);
    }

    [Fact]
    public void W5_without_the_marker_every_log_is_recovered_and_asks_for_a_higher_epoch()
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(0, "a", "b");
        _folder.Flush();
        _folder.Kill();

        _folder.Take();
        var opened = _folder.Folder.OpenLogs(_folder.Logs(2));

        Assert.Null(_folder.Folder.EpochAtStop);
        Assert.Contains(opened.Notes, static note => note.Row == RecoveryRow.W5);
        Assert.Equal(["a", "b"], _folder.Values(0));
        Assert.Equal(1, _folder.Get(0).LowestEpoch);
    }

    [Fact]
    public void W5_a_stop_before_the_epochs_are_raised_is_no_orderly_one()
    {
        _folder.Open(_folder.Logs(1));
        _folder.Append(0, "a");
        _folder.Kill();

        _folder.Take().Folder.OpenLogs(_folder.Logs(1));
        Assert.Contains("epochs were not raised", Assert.Single(_folder.Folder.Close(5).Obstacles), StringComparison.Ordinal);

        _folder.Take().Folder.OpenLogs(_folder.Logs(1));
        Assert.Equal(1, _folder.Get(0).LowestEpoch);
        _folder.Folder.EpochsRaised();
        _folder.Stop();
        Assert.Equal(5, _folder.Take().Folder.EpochAtStop);
    }

    [Fact]
    public void W6_the_marker_is_removed_durably_and_the_logs_are_opened_by_their_sizes()
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(0, "a", "b");
        _folder.Stop();

        _folder.Open(_folder.Logs(2));

        Assert.Equal(5, _folder.Folder.EpochAtStop);
        Assert.Empty(_folder.Opened.Notes);
        Assert.Equal(0, _folder.Get(0).LowestEpoch);
        Assert.Equal(["a", "b"], _folder.Values(0));
        for (var seed = 0; seed < 20; seed++)
        {
            var crashed = new TestFolder(_folder.Memory.AfterCrash(new Random(seed))).Open(_folder.Logs(2));
            Assert.Null(crashed.Folder.EpochAtStop);
            Assert.Equal(["a", "b"], crashed.Values(0));
        }
    }

    [Fact]
    public void W6_is_W5_where_the_marker_cannot_be_read()
    {
        _folder.Open(_folder.Logs(1)).Stop();
        _folder.Overwrite(CleanShutdownMarker.FileName, "{\"version\":0,");

        _folder.Open(_folder.Logs(1));

        Assert.Null(_folder.Folder.EpochAtStop);
        Assert.Contains(CleanShutdownMarker.FileName, Assert.Single(_folder.Opened.Notes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W7_recovery_points_that_cannot_be_read_are_points_0_and_told(bool isThere)
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(0, "a", "b");
        _folder.Stop();
        if (isThere) _folder.Overwrite(OffsetCheckpoint.RecoveryPoint, "0\n2\norders 0");
        else _folder.Files.DeleteFile(_folder.InFolder(OffsetCheckpoint.RecoveryPoint));

        _folder.Open(_folder.Logs(2));

        Assert.Equal(RecoveryRow.W7, Assert.Single(_folder.Opened.Notes).Row);
        Assert.Equal(["a", "b"], _folder.Values(0));
        Assert.Equal(2, _folder.Saved(OffsetCheckpoint.RecoveryPoint, 0));
    }

    [Fact]
    public void W7_start_offsets_that_cannot_be_read_are_told()
    {
        _folder.Open(_folder.Logs(1));
        _folder.Append(0, "a");
        _folder.Append(0, "b");
        _folder.Get(0).MoveStart(1);
        _folder.Stop();
        _folder.Overwrite(OffsetCheckpoint.LogStart, "?");

        _folder.Open(_folder.Logs(1));

        Assert.Contains("deleted may be seen again", Assert.Single(_folder.Opened.Notes).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], _folder.Values(0));
    }

    [Fact]
    public void W8_a_folder_that_no_partition_has_is_left_alone_and_told()
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(1, "a");
        _folder.Stop();

        _folder.Open(_folder.Logs(1));

        var note = Assert.Single(_folder.Opened.Notes);
        Assert.Equal((RecoveryRow.W8, _folder.InFolder("orders-1")), (note.Row, note.Path));
        Assert.Null(_folder.Folder.Find(TestFolder.Name(1)));
        _folder.Stop();

        // Its checkpoints were kept, too.
        _folder.Open(_folder.Logs(2));
        Assert.Equal(["a"], _folder.Values(1));
    }

    [Fact]
    public void W8_a_folder_of_a_topic_that_had_the_name_before_gives_up_the_name_only()
    {
        _folder.Open(_folder.Logs(1));
        _folder.Append(0, "old");
        _folder.Stop();

        _folder.Open(new HostedLog(TestFolder.Name(0), TestFolder.Payments, _folder.Settings));

        var note = Assert.Single(_folder.Opened.Notes);
        Assert.Equal(RecoveryRow.W8, note.Row);
        Assert.True(note.IsAlarm);
        Assert.EndsWith("-stray", note.Path, StringComparison.Ordinal);
        Assert.True(_folder.Files.FileExists(note.Path.Replace('\\', '/') + "/" + SegmentName.Of(0, SegmentName.Log)));
        Assert.Empty(_folder.Values(0));
        Assert.Equal(0, _folder.Saved(OffsetCheckpoint.RecoveryPoint, 0));
    }

    [Theory]
    [InlineData("version: 0\ntopic_id: nonsense", "a topic's id")]
    [InlineData(null, "partition.metadata is missing")]
    public void W8_a_log_whose_topic_nobody_can_tell_is_offline(string? metadata, string said)
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(0, "a");
        _folder.Stop();
        var file = "orders-0/" + PartitionMetadata.FileName;
        if (metadata is not null) _folder.Overwrite(file, metadata);
        else _folder.Files.DeleteFile(_folder.InFolder(file));

        _folder.Open(_folder.Logs(2));

        AssertOffline(0, RecoveryRow.W8, said);
        Assert.NotNull(_folder.Opened.Logs[1].Log);
    }

    [Fact]
    public void W9_a_partition_whose_folder_is_gone_is_offline_and_not_made_anew()
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(0, "a");
        _folder.Stop();
        _folder.DeleteTree(_folder.InFolder("orders-0"));

        for (var start = 0; start < 3; start++)
        {
            _folder.Open(_folder.Logs(2));
            AssertOffline(0, RecoveryRow.W9, "had records up to offset 1 at least");
            Assert.NotNull(_folder.Opened.Logs[1].Log);
            Assert.NotNull(Assert.Single(_folder.Folder.CreateLogs(_folder.Logs(1))).OfflineReason);
            Assert.False(_folder.Folder.Close(5).WasInOrder);
        }
    }

    [Fact]
    public void W9_is_told_from_a_new_partition_also_where_nothing_was_appended()
    {
        _folder.Open(_folder.Logs(1)).Stop();
        _folder.DeleteTree(_folder.InFolder("orders-0"));

        _folder.Open(_folder.Logs(2));

        AssertOffline(0, RecoveryRow.W9, "is gone");
        Assert.NotNull(_folder.Opened.Logs[1].Log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W9_a_folder_without_a_segment_is_no_new_log(bool isFlushed)
    {
        _folder.Open(_folder.Logs(1));
        _folder.Append(0, "a");
        if (isFlushed) _folder.Stop();
        else _folder.Kill();
        _folder.Files.DeleteFile(_folder.InFolder("orders-0", SegmentName.Of(0, SegmentName.Log)));

        _folder.Open(_folder.Logs(1));

        AssertOffline(0, RecoveryRow.W9, "holds no segment");
    }

    [Fact]
    public void W9_holds_where_the_recovery_points_cannot_be_read()
    {
        _folder.Open(_folder.Logs(2)).Stop();
        _folder.DeleteTree(_folder.InFolder("orders-0"));
        _folder.Overwrite(OffsetCheckpoint.RecoveryPoint, "");
        _folder.Files.DeleteFile(_folder.InFolder(OffsetCheckpoint.RecoveryPoint));

        for (var start = 0; start < 2; start++)
        {
            _folder.Open(_folder.Logs(2));
            AssertOffline(0, RecoveryRow.W9, "is gone");
            _folder.Kill();
        }
    }

    [Fact]
    public void One_damaged_log_does_not_keep_the_others_from_opening()
    {
        _folder.Open(_folder.Logs(3)).Stop();
        // Nothing that the recovery of a log knows.
        _folder.Files.CreateFolder(_folder.InFolder("orders-1", LeaderEpochCheckpoint.FileName));

        _folder.Open(_folder.Logs(3));

        Assert.Equal([true, false, true], _folder.Opened.Logs.Select(static log => log.Log is not null));
        Assert.Contains("orders-1 is offline", Assert.Single(_folder.Folder.Close(5).Obstacles), StringComparison.Ordinal);
    }

    private void AssertOffline(int partition, RecoveryRow row, string said)
    {
        var opened = _folder.Opened.Logs[partition];
        Assert.Null(opened.Log);
        Assert.Contains(said, opened.OfflineReason, StringComparison.Ordinal);
        var note = Assert.Single(_folder.Opened.Notes, note => note.Row == row);
        Assert.True(note.IsAlarm);
    }

    private FolderRefusedException AssertUntouched(Action start)
    {
        var before = _folder.Memory.Operations;
        var refused = Assert.Throws<FolderRefusedException>(start);
        Assert.Equal(before, _folder.Memory.Operations);
        return refused;
    }
}
