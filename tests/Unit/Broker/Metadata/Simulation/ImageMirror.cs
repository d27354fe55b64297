using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>A subscriber that knows nothing but what it is told, and must come to the same as the image.</summary>
internal sealed class ImageMirror
{
    private readonly Dictionary<Uuid, long[]> _topics = [];
    private readonly Dictionary<ConfigResource, long> _configs = [];
    private MetadataImage _image;

    public ImageMirror(MetadataImage first)
    {
        _image = first;
        foreach (var topic in first.Topics) _topics.Add(topic.Id, Revisions(topic));
        foreach (var (resource, config) in first.Configs) _configs.Add(resource, config.Revision);
    }

    public void Take(MetadataUpdate update)
    {
        StoreWitness.Require(ReferenceEquals(update.Before, _image), "an update begins with another image than the last one ended with");
        StoreWitness.Require(update.After.Revision >= _image.Revision, $"the image goes back from {_image.Revision} to {update.After.Revision}");
        _image = update.After;
        foreach (var topic in update.TopicsDeleted) StoreWitness.Require(_topics.Remove(topic.Id), $"the deletion of {topic.Name} is told, not its creation");
        foreach (var topic in update.TopicsCreated) StoreWitness.Require(_topics.TryAdd(topic.Id, Revisions(topic)), $"the creation of {topic.Name} is told twice");
        foreach (var changed in update.PartitionsChanged) _topics[changed.Topic.Id][changed.Number] = changed.After.Revision;
        foreach (var resource in update.ConfigsChanged)
        {
            if (update.After.Configs.TryGetValue(resource, out var config)) _configs[resource] = config.Revision;
            else _configs.Remove(resource);
        }

        Compare();
    }

    private static long[] Revisions(TopicImage topic) =>
        [.. Enumerable.Range(0, topic.PartitionCount).Select(number => topic.Partition(number)?.Revision ?? throw new InvalidDataException($"{topic.Name} has no partition {number}"))];

    private void Compare()
    {
        StoreWitness.Require(_topics.Count == _image.TopicCount, $"{_topics.Count} topics were told, the image has {_image.TopicCount}");
        foreach (var topic in _image.Topics)
            StoreWitness.Require(_topics.TryGetValue(topic.Id, out var told) && told.SequenceEqual(Revisions(topic)), $"{topic.Name} was not told as the image has it");
        StoreWitness.Require(_configs.Count == _image.Configs.Count, "settings were not told as the image has them");
        foreach (var (resource, config) in _image.Configs)
            StoreWitness.Require(_configs.GetValueOrDefault(resource) == config.Revision, $"the settings of {resource} were not told");
    }
}
