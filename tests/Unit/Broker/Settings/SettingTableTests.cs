using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;
using Xunit;

namespace Moldau.Unit.Broker.Settings;

/// <summary>What must hold of every row, whatever it says.</summary>
public class SettingTableTests
{
    private static readonly SettingTable[] Tables = [SettingTables.Broker, SettingTables.Topic, SettingTables.Group, SettingTables.ClientMetrics];

    private static IEnumerable<SettingDeclaration> Rows => Tables.SelectMany(static table => table.All);

    [Fact]
    public void Every_default_is_possible_and_written_as_it_is_told() =>
        Assert.All(Rows.Where(static row => row.Default is not null), static row => Assert.Equal(row.Default, SettingParser.Print(SettingParser.Parse(row, row.Default!))));

    [Fact]
    public void Every_row_says_something_in_a_sentence() =>
        Assert.All(Rows, static row => Assert.True(row.Documentation.EndsWith('.') && char.IsUpper(row.Documentation[0]), $"{row.Name}: {row.Documentation}"));

    [Fact]
    public void What_stands_for_a_setting_exists_and_has_its_type_and_default() => Assert.All(Rows.Where(static row => row.BrokerName is not null), static row =>
    {
        var broker = SettingTables.Broker[row.BrokerName!];
        Assert.Equal(row.Type, broker.Type);
        // A setting in milliseconds that has one in hours behind it has no default of its own.
        if (broker.Default is not null) Assert.Equal(row.Default, broker.Default);
        else Assert.Equal(long.Parse(row.Default!, null), SettingLayers.Empty.FindMilliseconds(broker.Name));
    });

    [Fact]
    public void An_unknown_name_is_told_with_the_one_that_was_meant()
    {
        var fault = Assert.Throws<ArgumentException>(static () => SettingTables.Broker["log.retension.ms"]);
        Assert.StartsWith("there is no setting 'log.retension.ms'; did you mean log.retention.ms?", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_of_a_broker_of_which_nobody_said_anything_can_be_made()
    {
        var settings = BrokerSettings.Default;

        Assert.Equal(1, settings.NodeId);
        Assert.Equal([new Listener("PLAINTEXT", "", 9092, "PLAINTEXT")], settings.Listeners.Listeners);
        Assert.Equal(["moldau-data"], settings.Folders.Paths);
        Assert.Equal(Moldau.Storage.Logs.LogSettings.Default, settings.Topic(new Dictionary<string, string>()).Log);
        Assert.Equal(new Moldau.Storage.Compaction.CompactionSettings(), settings.Topic(new Dictionary<string, string>()).Compaction);
        Assert.Equal(45_000, settings.Group(new Dictionary<string, string>()).ConsumerSessionTimeout);
        Assert.Equal(GroupMigration.Bidirectional, settings.ConsumerGroups.Migration);
    }
}
