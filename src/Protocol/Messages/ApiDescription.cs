namespace Moldau.Protocol.Messages;

/// <summary>One API: its versions, and how to make its messages. A row of <see cref="ApiTable"/>.</summary>
public sealed class ApiDescription
{
    private readonly Func<IMessage> _newRequest;
    private readonly Func<IMessage> _newResponse;

    internal ApiDescription(
        ApiKey key, short lowest, short highest, short firstFlexible, short lowestAdvertised, short highestAdvertised,
        Func<IMessage> newRequest, Func<IMessage> newResponse)
    {
        Key = key;
        Name = key.ToString();
        LowestVersion = lowest;
        HighestVersion = highest;
        FirstFlexibleVersion = firstFlexible;
        LowestAdvertisedVersion = lowestAdvertised;
        HighestAdvertisedVersion = highestAdvertised;
        _newRequest = newRequest;
        _newResponse = newResponse;
    }

    public ApiKey Key { get; }

    public string Name { get; }

    public short LowestVersion { get; }

    public short HighestVersion { get; }

    /// <summary>Above <see cref="HighestVersion"/> where no version is flexible.</summary>
    public short FirstFlexibleVersion { get; }

    /// <summary>What ApiVersions answers: below <see cref="LowestVersion"/> where old clients must see a version that is then refused.</summary>
    public short LowestAdvertisedVersion { get; }

    public short HighestAdvertisedVersion { get; }

    public bool Serves(short version) => version >= LowestVersion && version <= HighestVersion;

    /// <summary>A flexible request has a header with tagged fields.</summary>
    public short RequestHeaderVersion(short version) => version >= FirstFlexibleVersion ? (short)2 : (short)1;

    /// <summary>
    /// A flexible response has one too, but for ApiVersions: its client does not know yet which versions the broker
    /// speaks, so it must be able to read the header of any answer (KIP-511).
    /// </summary>
    public short ResponseHeaderVersion(short version) =>
        Key != ApiKey.ApiVersions && version >= FirstFlexibleVersion ? (short)1 : (short)0;

    public IMessage NewRequest() => _newRequest();

    public IMessage NewResponse() => _newResponse();
}
