using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>DescribeUserScramCredentials: which mechanisms users have passwords for, and with how many iterations.</summary>
internal sealed class DescribeUserScramCredentials(MetadataFollower metadata, NetworkLog log)
    : TypedHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>(log)
{
    private static readonly ScramMechanism[] Mechanisms = [ScramMechanism.Sha256, ScramMechanism.Sha512];

    protected override ValueTask HandleAsync(Exchange exchange, DescribeUserScramCredentialsRequest request, DescribeUserScramCredentialsResponse response)
    {
        var image = metadata.Current;
        var isTwice = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        if (request.Users is { Count: > 0 } users)
        {
            foreach (var user in users) isTwice[user.Name] = isTwice.ContainsKey(user.Name);
        }
        else
        {
            foreach (var user in image.Credentials.Keys) isTwice[user.Name] = false;
        }

        response.ErrorMessage = null;
        foreach (var (name, twice) in isTwice) response.Results.Add(Describe(image, name, twice));
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeUserScramCredentialsRequest request, DescribeUserScramCredentialsResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);

    private static DescribeUserScramCredentialsResponse.Result Describe(MetadataImage image, string name, bool isTwice)
    {
        var result = new DescribeUserScramCredentialsResponse.Result { User = name, ErrorMessage = null };
        if (isTwice)
        {
            (result.ErrorCode, result.ErrorMessage) = (ErrorCode.DuplicateResource, $"'{name}' is named twice in one request: name each user once");
            return result;
        }

        foreach (var mechanism in Mechanisms)
        {
            if (image.Credentials.TryGetValue(new ScramUser(mechanism, name), out var stored))
                result.CredentialInfos.Add(new DescribeUserScramCredentialsResponse.Credential { Mechanism = (sbyte)mechanism, Iterations = stored.Record.Iterations });
        }

        if (result.CredentialInfos.Count == 0) (result.ErrorCode, result.ErrorMessage) = (ErrorCode.ResourceNotFound, $"'{name}' has no SCRAM credential");
        return result;
    }
}
