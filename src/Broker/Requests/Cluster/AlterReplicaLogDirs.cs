using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Folders;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>AlterReplicaLogDirs: logs are to lie in other folders. The answer says that the moves have begun; DescribeLogDirs, how far they are.</summary>
internal sealed class AlterReplicaLogDirs(PartitionHosting hosting, NetworkLog log) : TypedHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, AlterReplicaLogDirsRequest request, AlterReplicaLogDirsResponse response)
    {
        foreach (var (topic, partitions) in Wanted(request))
        {
            var answered = new AlterReplicaLogDirsResponse.Topic { TopicName = topic };
            foreach (var (number, path) in partitions)
            {
                var error = await hosting.AlterFolderAsync(new PartitionName(topic, number), path).ConfigureAwait(false);
                answered.Partitions.Add(new AlterReplicaLogDirsResponse.Partition { PartitionIndex = number, ErrorCode = error });
                if (error == ErrorCode.None) exchange.Changed($"began to move to {path} the", "partition", $"{topic}-{number}");
            }

            response.Results.Add(answered);
        }
    }

    protected override void Refuse(AlterReplicaLogDirsRequest request, AlterReplicaLogDirsResponse response, ErrorCode error, string? message)
    {
        foreach (var (topic, partitions) in Wanted(request))
        {
            var answered = new AlterReplicaLogDirsResponse.Topic { TopicName = topic };
            foreach (var (number, _) in partitions) answered.Partitions.Add(new AlterReplicaLogDirsResponse.Partition { PartitionIndex = number, ErrorCode = error });
            response.Results.Add(answered);
        }
    }

    /// <summary>A partition that is to be in several places is to be in the last of them.</summary>
    private static SortedDictionary<string, SortedDictionary<int, string>> Wanted(AlterReplicaLogDirsRequest request)
    {
        var wanted = new SortedDictionary<string, SortedDictionary<int, string>>(StringComparer.Ordinal);
        foreach (var folder in request.Dirs)
        {
            foreach (var topic in folder.Topics)
            {
                foreach (var number in topic.Partitions)
                {
                    if (!wanted.TryGetValue(topic.Name, out var partitions)) wanted.Add(topic.Name, partitions = []);
                    partitions[number] = folder.Path;
                }
            }
        }

        return wanted;
    }
}
