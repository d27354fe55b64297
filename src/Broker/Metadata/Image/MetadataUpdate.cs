using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Image;

/// <summary>
/// What one image has and the one before had not. There may be many changes between the two, and what came and went between
/// them is not told.
/// </summary>
/// <param name="Before">The image until now.</param>
/// <param name="After">The image from now on.</param>
/// <param name="TopicsDeleted">As they were. A topic that was created anew under its name is here, and again with the created.</param>
/// <param name="TopicsCreated">As they are, whole.</param>
/// <param name="PartitionsChanged">Of topics that were there and still are.</param>
/// <param name="ConfigsChanged">Whose settings were set, altered or deleted.</param>
/// <param name="Kinds">What else may have changed is of these kinds.</param>
public sealed record MetadataUpdate(
    MetadataImage Before,
    MetadataImage After,
    IReadOnlyList<TopicImage> TopicsDeleted,
    IReadOnlyList<TopicImage> TopicsCreated,
    IReadOnlyList<ChangedPartition> PartitionsChanged,
    IReadOnlyList<ConfigResource> ConfigsChanged,
    IReadOnlySet<MetadataKind> Kinds);
