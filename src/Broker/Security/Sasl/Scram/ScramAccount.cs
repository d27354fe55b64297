using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Sasl.Scram;

/// <summary>What a client is to prove, and who he is then.</summary>
/// <param name="Credential">Made up where there is none, so that the answer tells nobody that there is none.</param>
/// <param name="Identity">Null where there is none.</param>
internal sealed record ScramAccount(CredentialRecord Credential, SaslIdentity? Identity);
