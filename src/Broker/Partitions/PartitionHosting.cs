using System.Threading.Channels;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Partitions.Moving;
using Moldau.Protocol.Errors;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Partitions;

/// <summary>
/// Makes this node's partitions what the metadata says: at a start, and then with every change of the image, in order and
/// one at a time. Whoever has changed something waits with <see cref="WaitForAsync"/> until it is served.
/// </summary>
internal sealed class PartitionHosting(
    int node, MetadataFollower metadata, DataFolders folders, HostedTopics topics, Compactor compactor, LiveSettings settings, PartitionLogbook log)
{
    private readonly Channel<HostingStep> _steps = Channel.CreateUnbounded<HostingStep>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _sync = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _revision;

    /// <summary>The logs that move between folders; there is none before the logs are opened.</summary>
    public FolderMoves? Moves { get; private set; }

    /// <summary>Opens all logs. Partitions are served as soon as <see cref="Serve"/> is called.</summary>
    public IReadOnlyList<FolderOpening> Open()
    {
        var image = metadata.Subscribe(update => _steps.Writer.TryWrite(new HostingStep(update)));
        _revision = image.Revision;
        settings.Follow(image);
        Moves = new FolderMoves(folders, compactor, log, InTurn);
        var hosted = new List<HostedLog>();
        foreach (var topic in image.Topics) AddLogs(hosted, image, topic);
        return folders.OpenLogs(hosted);
    }

    /// <summary>Whether a log wants a higher leader epoch than its partition's record says.</summary>
    public static bool MustRaise(IReadOnlyList<FolderOpening> openings, MetadataImage image)
    {
        foreach (var opening in openings)
        {
            foreach (var opened in opening.Logs)
            {
                if (opened.Log is { } log && Record(image, opened.Hosted) is { } record && log.LowestEpoch > record.LeaderEpoch) return true;
            }
        }

        return false;
    }

    /// <summary>Serves what was opened, with the epochs of the newest image.</summary>
    public void Serve(IReadOnlyList<FolderOpening> openings)
    {
        var image = metadata.Current;
        var opened = new Dictionary<PartitionName, OpenedLog>();
        foreach (var opening in openings)
        {
            foreach (var log in opening.Logs) opened[log.Hosted.Name] = log;
        }

        foreach (var topic in image.Topics)
        {
            var partitions = new Partition[topic.PartitionCount];
            for (var number = 0; number < partitions.Length; number++)
                partitions[number] = Make(topic, number, opened.GetValueOrDefault(new PartitionName(topic.Name, number)));
            topics.Add(new HostedTopic(topic.Name, topic.Id, settings.Topic(image, topic.Name), partitions));
        }
    }

    /// <summary>Follows the metadata until the channel is closed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            if (step.Failed is { } folder) GoOffline(folder);
            step.Asked?.Invoke();
            if (step.Update is not { } update) continue;
            Apply(update);
            Applied(update.After.Revision);
        }
    }

    /// <summary>From any thread: the folder is offline, and its partitions will be.</summary>
    public void FolderFailed(BrokerFolder folder) => _steps.Writer.TryWrite(new HostingStep(Failed: folder));

    /// <summary>In which folder a partition's log is to be. What it takes has begun when the task ends.</summary>
    public Task<ErrorCode> AlterFolderAsync(PartitionName name, string path)
    {
        var answer = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var choice = new FolderChoice(folders, topics, Moves!, settings);
        InTurn(() =>
        {
            try
            {
                answer.SetResult(choice.Alter(metadata.Current, name, path));
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                answer.SetException(fault);
            }
        });
        return answer.Task;
    }

    /// <summary>Ends when everything that this revision shows is served.</summary>
    public Task WaitForAsync(long revision)
    {
        lock (_sync)
        {
            if (_revision >= revision) return Task.CompletedTask;
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting, revision);
            return waiting.Task;
        }
    }

    private static PartitionRecord? Record(MetadataImage image, HostedLog hosted) => image.FindPartition(hosted.TopicId, hosted.Name.Partition)?.Record;

    private void Apply(MetadataUpdate update)
    {
        settings.Follow(update.After);
        foreach (var topic in update.TopicsDeleted) Delete(topic);
        if (update.TopicsCreated.Count > 0) Create(update.After, update.TopicsCreated);
        foreach (var changed in update.PartitionsChanged) Change(update.After, changed);
        foreach (var resource in update.ConfigsChanged) Configure(update.After, resource);
    }

    private void InTurn(Action action) => _steps.Writer.TryWrite(new HostingStep(Asked: action));

    private void GoOffline(BrokerFolder folder)
    {
        Moves!.FolderFailed(folder);
        foreach (var topic in topics.All)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.Log is null || folders.FolderOf(new PartitionName(topic.Name, partition.Number)) != folder) continue;
                partition.GoOffline($"{partition.Name} is offline with {folder.Path}: {folder.OfflineReason}");
                _ = compactor.RemoveAsync(partition);
            }
        }
    }

    private void Applied(long revision)
    {
        lock (_sync)
        {
            _revision = revision;
            while (_waiting.TryPeek(out var waiting, out var wanted) && wanted <= revision)
            {
                _waiting.Dequeue();
                waiting.TrySetResult();
            }
        }
    }

    private void Delete(TopicImage topic)
    {
        if (topics.Find(topic.Id) is not { } hosted) return;
        topics.Remove(hosted);
        var logs = new List<LogIdentity>();
        foreach (var partition in hosted.Partitions)
        {
            Moves!.Cancel(partition, "its topic was deleted");
            partition.Delete();
            logs.Add(new LogIdentity(new PartitionName(topic.Name, partition.Number), topic.Id));
        }

        Task.WaitAll([.. hosted.Partitions.Select(compactor.RemoveAsync)]);
        // Their writers have stopped when what was queued before the deletion has run.
        Task.WaitAll([.. hosted.Partitions.Select(static partition => partition.Queue.RunAsync(static () => { }))]);
        try
        {
            folders.DeleteLogs(logs);
        }
        catch (DiskException failure)
        {
            log.NotDeleted(topic.Name, failure);
        }
    }

    private void Create(MetadataImage image, IReadOnlyList<TopicImage> created)
    {
        var logs = new List<HostedLog>();
        foreach (var topic in created) AddLogs(logs, image, topic);
        var opened = OpenNew(logs);
        foreach (var topic in created)
        {
            var partitions = new Partition[topic.PartitionCount];
            for (var number = 0; number < partitions.Length; number++)
                partitions[number] = Make(topic, number, opened.GetValueOrDefault(new PartitionName(topic.Name, number)));
            topics.Add(new HostedTopic(topic.Name, topic.Id, settings.Topic(image, topic.Name), partitions));
        }
    }

    private void Change(MetadataImage image, ChangedPartition changed)
    {
        if (topics.Find(changed.Topic.Id) is not { } hosted || image.FindTopic(changed.Topic.Id) is not { } topic) return;
        hosted.Find(changed.Number)?.Raise(changed.After.Record.LeaderEpoch);
        if (topic.PartitionCount <= hosted.Partitions.Count) return;
        var logs = new List<HostedLog>();
        for (var number = hosted.Partitions.Count; number < topic.PartitionCount; number++) logs.Add(new HostedLog(new PartitionName(topic.Name, number), topic.Id, hosted.Settings.Log));
        var opened = OpenNew(logs);
        var partitions = new Partition[topic.PartitionCount];
        for (var number = 0; number < partitions.Length; number++)
            partitions[number] = hosted.Find(number) ?? Make(topic, number, opened.GetValueOrDefault(new PartitionName(topic.Name, number)));
        hosted.Extend(partitions);
    }

    private void Configure(MetadataImage image, ConfigResource resource)
    {
        if (resource.Scope is ConfigScope.Topic)
        {
            if (topics.Find(resource.Name) is { } topic) topic.Apply(settings.Topic(image, topic.Name));
            return;
        }

        if (resource.Scope is not (ConfigScope.Node or ConfigScope.AllNodes)) return;
        foreach (var topic in topics.All) topic.Apply(settings.Topic(image, topic.Name));
    }

    private Dictionary<PartitionName, OpenedLog> OpenNew(List<HostedLog> logs) => folders.CreateLogs(logs).ToDictionary(static opened => opened.Hosted.Name);

    private void AddLogs(List<HostedLog> logs, MetadataImage image, TopicImage topic)
    {
        var own = settings.Topic(image, topic.Name).Log;
        for (var number = 0; number < topic.PartitionCount; number++)
        {
            if (topic.Partition(number) is { } state && state.Record.Replicas.Contains(node))
                logs.Add(new HostedLog(new PartitionName(topic.Name, number), topic.Id, own));
        }
    }

    private Partition Make(TopicImage topic, int number, OpenedLog? opened)
    {
        var partition = new Partition(topic.Name, topic.Id, number, topic.Partition(number)?.Record.LeaderEpoch ?? 0);
        if (opened?.Log is { } found)
        {
            partition.Serve(found, partition.LeaderEpoch);
            compactor.Add(partition);
        }
        else
        {
            var reason = opened?.OfflineReason ?? $"{topic.Name}-{number} is not on this node";
            partition.GoOffline(reason);
            log.Offline(topic.Name, number, reason);
        }

        return partition;
    }
}
