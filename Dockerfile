# syntax=docker/dockerfile:1
# Not tried where it was written: there was no Docker engine there, only the Go
# toolchain.
#
#   docker build --build-arg VERSION="$(git describe --tags --always --dirty)" -t aviary:dev .
#
# For a release, pin both bases by digest.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
# The modules alone first: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
# What `aviary version` says; the history is not part of the build's context.
ARG VERSION=dev
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags "-s -w -X aviary.dev/version.stamp=$VERSION" -o /out/aviary ./cmd/aviary

# No shell, no libc, no package manager; CA certificates and a passwd with
# `nonroot` (65532) are all that is in it.
FROM gcr.io/distroless/static:nonroot
COPY --from=build /out/aviary /aviary
# By number, so that the kubelet can tell runAsNonRoot without a passwd.
USER 65532:65532
# webhook, metrics, health
EXPOSE 9443 8080 8081
ENTRYPOINT ["/aviary"]
