using Moldau.Broker.Coordinators;
using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Diagnostics;

/// <summary>Where metrics are taken from: a broker, and what its coordinators have told for this one reading.</summary>
internal sealed class MetricSource
{
    private readonly Lane[] _lanes;

    private MetricSource(BrokerServer broker, GroupFigures groups, TransactionFigures transactions)
    {
        Broker = broker;
        Groups = groups;
        Transactions = transactions;
        _lanes = [.. broker.Lanes.Used];
        Image = broker.Metadata?.Current ?? MetadataImage.Empty;
    }

    public BrokerServer Broker { get; }

    public GroupFigures Groups { get; }

    public TransactionFigures Transactions { get; }

    public MetadataImage Image { get; }

    public IReadOnlyList<Lane> Lanes => _lanes;

    public IEnumerable<Partition> Partitions => Broker.Topics.All.SelectMany(static topic => topic.Partitions);

    /// <summary>What the metadata says of the partitions that this node has.</summary>
    public IEnumerable<(HostedTopic Topic, Partition Partition, PartitionRecord Record)> Records
    {
        get
        {
            foreach (var topic in Broker.Topics.All)
            {
                if (Image.FindTopic(topic.Name) is not { } known) continue;
                foreach (var partition in topic.Partitions)
                {
                    if (known.Partition(partition.Number) is { } record) yield return (topic, partition, record.Record);
                }
            }
        }
    }

    public static async Task<MetricSource> TakeAsync(BrokerServer broker)
    {
        var groups = GroupFigures.TakeAsync(broker);
        var transactions = TransactionFigures.TakeAsync(broker);
        return new MetricSource(broker, await groups.ConfigureAwait(false), await transactions.ConfigureAwait(false));
    }

    /// <summary>The APIs that were asked for, each with what the lanes have seen of it.</summary>
    public IEnumerable<(ApiDescription Api, IReadOnlyList<ApiFigures> Seen)> Apis
    {
        get
        {
            foreach (var api in ApiTable.All)
            {
                ApiFigures[] seen = [.. _lanes.Select(lane => lane.Figures.Find(api.Key)).OfType<ApiFigures>()];
                if (seen.Length > 0) yield return (api, seen);
            }
        }
    }

    /// <summary>By API and code, of those that were told.</summary>
    public IEnumerable<(string Api, string Error, long Count)> Errors
    {
        get
        {
            foreach (var (api, seen) in Apis)
            {
                for (var place = 0; place < ErrorTally.Length; place++)
                {
                    var count = seen.Sum(figures => figures.Errors[place]);
                    if (count > 0) yield return (api.Name, ErrorTable.Get(ErrorTally.CodeAt(place)).Name, count);
                }
            }
        }
    }
}
